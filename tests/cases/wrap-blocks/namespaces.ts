// language: typescript
namespace N { export const v = 3; }
export { N };
