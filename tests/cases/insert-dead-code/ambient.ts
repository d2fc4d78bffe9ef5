// language: typescript
declare module 'x' { export function f(a: number): void; }
declare global { interface Window { q: number } }
declare namespace N { let q: number; }
export {};
// output
void 85;declare module 'x' { export function f(a: number): void; }
let target = [5, 5];
declare global { interface Window { q: number } }
do {
  void "invalid argument";
} while (false);
declare namespace N { let q: number; }
export {};
var guestHeight = [];
