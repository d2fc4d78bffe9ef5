// type: module
/** @jsx h */
/** @jsxFrag Fragments */
import { h, Fragments, render } from 'preact';
import React from 'react';
export default (text) => render(<>{text}</>);
// output
/** @jsx h */
/** @jsxFrag Fragments */
import { h, Fragments, render as system_min } from 'preact';
import React from 'react';
export default (text) => system_min(<>{text}</>);
