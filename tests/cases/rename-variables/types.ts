// language: typescript
import { Base, type Options, helper } from './base';
declare const outside: number;
declare function external(value: string): void;
class Used {}
class Unused {}
export function make(base: Base, options: Options): Used {
  const made = helper(base, options, outside, external, Unused);
  return new Used(made);
}
// output
import { Base, type Options, helper as j } from './base';
declare const outside: number;
declare function external(value: string): void;
class Used {}
class T {}
export function make(Q: Base, R: Options): Used {
  const H = j(Q, R, outside, external, T);
  return new Used(H);
}
