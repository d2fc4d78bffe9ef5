// run: all()
function all() {
  const log = [];
  try {
    throw { code: 7 };
  } catch ({ code, missing = 1 }) {
    log.push(code + missing);
  }
  for (const [key, { size }] of Object.entries({ a: { size: 1 } })) log.push(key, size);
  for (var index in { p: 1 }) log.push(index);
  const self = function again(n) { return n ? again(n - 1) + 1 : 0; };
  class Point {
    #x = 1;
    static made = 0;
    constructor(x) { this.#x = x; Point.made++; }
    get x() { return this.#x; }
    *each(...rest) { yield* rest; }
    static { Point.made = 5; }
  }
  label: for (let i = 0; i < 3; i++) { for (;;) { if (i == 1) continue label; break; } log.push(i); }
  const { a: { b: deep = 4 } = {}, ...others } = { q: 1 };
  [log[99], ...self.rest] = [1, 2, 3];
  return [log.length, self(3), new Point(4).x, Point.made, [...new Point(1).each(8, 9)], deep, others, ((a, b = a) => a + b)(2), `${deep}`];
}
// output
function all() {
  const visitor = [];
  try {
    throw { code: 7 };
  } catch ({ code: feed, missing: timer = 1 }) {
    visitor.push(feed + timer);
  }
  for (const [cursor, { size: sender_bar }] of Object.entries({ a: { size: 1 } })) visitor.push(cursor, sender_bar);
  for (var script_middle in { p: 1 }) visitor.push(script_middle);
  const local_handle = function run_stage(signal_axis) { return signal_axis ? run_stage(signal_axis - 1) + 1 : 0; };
  class Currency {
    #x = 1;
    static made = 0;
    constructor(editor_list) { this.#x = editor_list; Currency.made++; }
    get x() { return this.#x; }
    *each(...selection) { yield* selection; }
    static { Currency.made = 5; }
  }
  label: for (let payload = 0; payload < 3; payload++) { for (;;) { if (payload == 1) continue label; break; } visitor.push(payload); }
  const { a: { b: content_editor = 4 } = {}, ...segment_border } = { q: 1 };
  [visitor[99], ...local_handle.rest] = [1, 2, 3];
  return [visitor.length, local_handle(3), new Currency(4).x, Currency.made, [...new Currency(1).each(8, 9)], content_editor, segment_border, ((account_draft, report = account_draft) => account_draft + report)(2), `${content_editor}`];
}
