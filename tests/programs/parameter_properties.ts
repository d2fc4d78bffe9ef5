class P { constructor(private x: number, readonly y = 2, public z?: string) {} get() { return this.x + this.y; } }
export function main() { return [new P(1).get(), JSON.stringify(new P(3, 4, 'q'))]; }
