async save(record, { retries = 3 } = {}) {
  const reply = await this.client.put(record.id, record);
  return reply.ok || retries > 0;
}
// output
async save(entry, { retries: route = 3 } = {}) {
  const engine = await this.client.put(entry.id, entry);
  return engine.ok || route > 0;
}
