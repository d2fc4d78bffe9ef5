async save(record, { retries = 3 } = {}) {
  const reply = await this.client.put(record.id, record);
  return reply.ok || retries > 0;
}
// output
async save(edge, { retries: link = 3 } = {}) {
  const metric_logger = await this.client.put(edge.id, edge);
  return metric_logger.ok || link > 0;
}
