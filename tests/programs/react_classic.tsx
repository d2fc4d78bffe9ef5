import React, { memo } from 'react';
type Props = { name: string; n?: number };
const Item = ({ name, n = 1 }: Props) => <li key={name} data-n={n}>{name} &amp; more</li>;
function List(props: { items: Props[] }) { const total = props.items.length; return <ul className="a  b">{props.items.map((x) => <Item {...x} />)}<><b>{total}</b> text </></ul>; }
export function main() { return <List items={[{ name: 'a' }, { name: 'b', n: 2 }]} />; }
