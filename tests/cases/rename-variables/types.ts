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
import { Base, type Options, helper as format } from './base';
declare const outside: number;
declare function external(value: string): void;
class Used {}
class WidthField {}
export function make(layerExponent: Base, pointer: Options): Used {
  const outer = format(layerExponent, pointer, outside, external, WidthField);
  return new Used(outer);
}
