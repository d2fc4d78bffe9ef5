// level: plain_data
function f(list, item) {
  if (list.indexOf(item, 1) !== -1 || list.indexOf(item) > 0 || list.indexOf(NaN) < 0) return 0;
  if (list.includes(...item) || list?.includes(item) || list.includes(NaN)) return 1;
  return list.lastIndexOf(item) === -1 || includes(item);
}
