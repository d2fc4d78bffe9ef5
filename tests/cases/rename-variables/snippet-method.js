async save(record, { retries = 3 } = {}) {
  const reply = await this.client.put(record.id, record);
  return reply.ok || retries > 0;
}
// output
async save(m, { retries: w = 3 } = {}) {
  const a = await this.client.put(m.id, m);
  return a.ok || w > 0;
}
