async save(record, { retries = 3 } = {}) {
  const reply = await this.client.put(record.id, record);
  return reply.ok || retries > 0;
}
// output
async save(P, { retries: Z = 3 } = {}) {
  const j = await this.client.put(P.id, P);
  return j.ok || Z > 0;
}
