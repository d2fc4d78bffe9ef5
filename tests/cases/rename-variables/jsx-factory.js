// type: module
/** @jsx h */
/** @jsxFrag Fragments */
import { h, Fragments, render } from 'preact';
import React from 'react';
export default (text) => render(<>{text}</>);
// output
/** @jsx h */
/** @jsxFrag Fragments */
import { h, Fragments, render as g } from 'preact';
import React from 'react';
export default (text) => g(<>{text}</>);
