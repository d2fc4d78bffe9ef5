// type: module
"use asm";
import a from "./a.js";
import data from "./data.json" with { type: "json" };
export * from 'b';
export { c as "d e" } from "c";
const late = () => import("./late.js");
function f() {
  'use strict';
  return <A b="c" d='"'>{a}"text"</A>;
}
