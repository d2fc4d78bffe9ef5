function ListNode(value, next) {
  this.value = value;
  this.next = next || null;
}

function LinkedList() {
  this.head = null;
  this.length = 0;
}

LinkedList.of = function () {
  var list = new LinkedList();
  for (var i = arguments.length - 1; i >= 0; i--) {
    list.prepend(arguments[i]);
  }
  return list;
};

LinkedList.prototype = {
  constructor: LinkedList,

  prepend: function (value) {
    this.head = new ListNode(value, this.head);
    this.length++;
    return this;
  },

  append: function (value) {
    var node = new ListNode(value);
    if (this.head === null) {
      this.head = node;
    } else {
      var last = this.head;
      while (last.next !== null) last = last.next;
      last.next = node;
    }
    this.length++;
    return this;
  },

  /**
   * Take out the first node with a value.
   *
   * @return {boolean} whether there was one
   */
  remove: function (value) {
    var previous = null;
    for (var node = this.head; node; previous = node, node = node.next) {
      if (node.value === value) {
        if (previous) {
          previous.next = node.next;
        } else {
          this.head = node.next;
        }
        this.length--;
        return true;
      }
    }
    return false;
  },

  reverse: function () {
    var reversed = null, node = this.head;
    while (node) {
      var next = node.next;
      node.next = reversed;
      reversed = node;
      node = next;
    }
    this.head = reversed;
    return this;
  },

  forEach: function (callback, context) {
    var index = 0;
    for (var node = this.head; node; node = node.next) {
      callback.call(context, node.value, index++, this);
    }
  },

  toArray: function () {
    var items = [];
    this.forEach(function (value) {
      items.push(value);
    });
    return items;
  }
};

/**
 * Merge two sorted lists into a new one.
 *
 * @param {LinkedList} left
 * @param {LinkedList} right
 * @return {LinkedList}
 */
function mergeLists(left, right) {
  var result = new LinkedList();
  var a = left.head, b = right.head;
  while (a || b) {
    var takeLeft = !b || (a && a.value <= b.value);
    result.append(takeLeft ? a.value : b.value);
    if (takeLeft) a = a.next;
    else b = b.next;
  }
  return result;
}

// Whether following `next` comes back to where it was: one pointer goes twice as fast.
function hasLoop(list) {
  var slow = list.head, fast = list.head;
  while (fast && fast.next) {
    slow = slow.next;
    fast = fast.next.next;
    if (slow === fast) return true;
  }
  return false;
}
