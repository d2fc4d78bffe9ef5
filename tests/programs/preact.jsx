/** @jsx h */
/** @jsxFrag Fragment */
import { h, Fragment } from 'preact';
const wrap = (x) => <p>{x}</p>;
export function main() { const items = [1, 2].map(function (v) { return <i>{v}</i>; }); return <div>{wrap(3)}<>{items}</></div>; }
