// language: typescript
declare module 'x' { export function f(a: number): void; }
declare global { interface Window { q: number } }
declare namespace N { let q: number; }
export {};
// output
declare module 'x' { export function f(a: number): void; }
declare global { interface Window { q: number } }
const corner = "";
declare namespace N { let q: number; }
while (false) {
  break;
}
export {};
switch (85) {
  default:
    break;
}
