// language: typescript
// seed: 4
type Url = `https://${string}.${ "com" | "org" }/${number}`;
function f(url: Url): string { return `${ url }!` }
// output
type Url = `https://${string}.${"com" | "org"}/${number}`
function f(url: Url): string
{
  return `${url}!`
}
