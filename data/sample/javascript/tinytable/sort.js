/*
 * tinytable: sorting and paging of HTML tables.
 * The functions in this file know nothing about the page.
 */
var TinyTable = TinyTable || {};

/**
 * Read the number in a cell, with thousands separators and a currency sign.
 *
 * @param {String} text
 * @returns {Number} NaN if there is none
 */
TinyTable.parseNumber = function (text) {
	var clean = text.replace(/[\s,$€£%]/g, '');
	return clean === '' ? NaN : Number(clean);
};

/**
 * Guess how a column should be sorted from its texts.
 *
 * @param {String[]} texts
 * @returns {String} "number", "date" or "text"
 */
TinyTable.guessType = function (texts) {
	var numbers = 0, dates = 0, filled = 0;
	for (var i = 0, length = texts.length; i < length; i++) {
		var text = texts[i].trim();
		if (!text) {
			continue;
		}
		filled++;
		if (/^\d{4}-\d\d-\d\d$/.test(text)) {
			dates++;
		} else if (!isNaN(TinyTable.parseNumber(text))) {
			numbers++;
		}
	}
	if (filled && numbers === filled) {
		return 'number';
	}
	return filled && dates === filled ? 'date' : 'text';
};

TinyTable.comparers = {
	number: function (a, b) {
		return TinyTable.parseNumber(a) - TinyTable.parseNumber(b);
	},

	date: function (a, b) {
		return a < b ? -1 : a > b ? 1 : 0;
	},

	text: function (a, b) {
		a = a.toLowerCase();
		b = b.toLowerCase();
		return a < b ? -1 : a > b ? 1 : 0;
	}
};

/**
 * Sort rows by one column and keep the order of equal ones.
 *
 * @param {Array} rows arrays of texts
 * @param {Number} column
 * @param {Boolean} [isDescending]
 * @returns {Array} a new array
 */
TinyTable.sortRows = function (rows, column, isDescending) {
	var type = TinyTable.guessType(rows.map(function (row) { return row[column]; }));
	var compare = TinyTable.comparers[type];
	var entries = rows.map(function (row, index) {
		return { row: row, index: index };
	});
	entries.sort(function (left, right) {
		var order = compare(left.row[column], right.row[column]);
		return (isDescending ? -order : order) || left.index - right.index;
	});
	return entries.map(function (entry) { return entry.row; });
};

/**
 * Rows that contain every word of a search, in any cell.
 */
TinyTable.filterRows = function (rows, query) {
	var words = query.toLowerCase().split(/\s+/);
	var result = [];
	outer:
	for (var i = 0; i < rows.length; i++) {
		var text = rows[i].join(' ').toLowerCase();
		for (var j = 0; j < words.length; j++) {
			if (text.indexOf(words[j]) === -1) {
				continue outer;
			}
		}
		result.push(rows[i]);
	}
	return result;
};

/**
 * Page numbers to show around the current one; 0 stands for a gap.
 *
 * @param {Number} current
 * @param {Number} count
 * @param {Number} [radius]
 */
TinyTable.pageNumbers = function (current, count, radius) {
	var pages = [], last = 0;
	radius = radius || 1;
	for (var page = 1; page <= count; page++) {
		var isNear = Math.abs(page - current) <= radius;
		if (page === 1 || page === count || isNear) {
			if (page - last > 1) {
				pages.push(0);
			}
			pages.push(page);
			last = page;
		}
	}
	return pages;
};
