function addItem(cart, name, price, count = 1) {
  const item = { name, price, count };
  cart.items.push(item);
  cart.total += price * count;
  return cart;
}

function findByName(items, name) {
  return items.filter((item) => item.name.includes(name));
}

function isEmpty(items) {
  return items.length === 0;
}

function formatDate(date, separator) {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.join(separator);
}
