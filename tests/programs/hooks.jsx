/** @jsxRuntime classic */
/** @jsx create */
/** @jsxFrag Group */
import { h as create, Fragment as Group } from 'preact';
const state = [];
function useState(first) { const at = state.length; state.push(first); return [state[at], (next) => { state[at] = typeof next === 'function' ? next(state[at]) : next; }]; }
const theme = { Button({ kind = 'plain', ...rest }) { return <button class={'button ' + kind} {...rest} />; } };
export function Form(props) {
  const [count, setCount] = useState(props.start || 0);
  for (let i = 0; i < 3; i++) setCount((value) => value + i);
  const labels = { ok: 'OK', cancel: "Can't" };
  const { Button } = theme;
  return <form>{Object.keys(labels).map(function (key) { return <Button kind={key} disabled>{labels[key]}</Button>; })}<theme.Button /><Group>{count}<br/></Group>{state[0] > 2 && <em>many</em>}</form>;
}
export function main() { const form = <Form start={1} />; return [form, state]; }
