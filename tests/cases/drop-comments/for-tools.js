/*! Licence: stays */
// goes
/* eslint-disable no-console */
const page = () => import(/* webpackChunkName: "page" */ "./page.js"); // goes
/* istanbul ignore next */
const made = /*#__PURE__*/ make(/* goes */ 1);
// @ts-ignore
made.run(); /* goes */
/** @jsx h */
// eslint-disable-next-line
made.stop();
//# sourceMappingURL=a.js.map
// output
/*! Licence: stays */

/* eslint-disable no-console */
const page = () => import(/* webpackChunkName: "page" */ "./page.js");
/* istanbul ignore next */
const made = /*#__PURE__*/ make( 1);
// @ts-ignore
made.run();
/** @jsx h */
// eslint-disable-next-line
made.stop();
//# sourceMappingURL=a.js.map
