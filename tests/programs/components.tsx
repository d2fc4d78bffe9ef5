import React from 'react';
interface Item { id: number; title: string; done?: boolean }
type Handler<T> = (value: T) => void;
const Empty = () => null;
function Row<T extends Item>({ item, onPick, children }: { item: T; onPick?: Handler<T>; children?: unknown }) {
  const className = item.done ? 'row done' : 'row';
  return <li className={className} data-id={item.id} aria-label='a "quoted" label' onClick={onPick && (() => onPick(item))}>{item.title}{children}</li>;
}
class Counter { static defaultProps = { step: 2 }; value = 0; render(step: number) { this.value += step; return <b title={`${this.value}`}>{this.value}</b>; } }
const pick = <T,>(list: readonly T[], at: number): T | undefined => list[at];
const Panel = { Title: (props: { text: string }) => <h1 {...props}>{props.text.toUpperCase()} &mdash; &#169;</h1> };
function List({ items, title = 'none' }: { items: Item[]; title?: string }) {
  const open = items.filter((item) => !item.done);
  let footer = <Empty />;
  if (open.length > 1) { footer = <footer>{open.length} open{' '}items</footer>; }
  return (
    <section hidden={false} style={{ color: 'red' }}>
      <Panel.Title text={title} />
      {open.length === 0 ? <Empty /> : items.map((item, index) => <Row key={index} item={item}><i>{index + 1}</i></Row>)}
      <>{new Counter().render(3)} and text,   spaced</>
      {/* only a comment */}
      {footer}
    </section>
  );
}
export const main = () => {
  const items: Item[] = [{ id: 1, title: 'one' }, { id: 2, title: 'two', done: true }, { id: 3, title: 'three' }];
  return [<List items={items} title="Tasks" />, <List items={[]} />, pick(items, 1)];
};
