;(function ($, window, undefined) {
	"use strict";

	var defaults = {
		pageSize: 20,
		sortClass: "is-sorted",
		onChange: null
	};

	/**
	 * @constructor
	 * @param {Element} element the table
	 * @param {Object} options
	 */
	function TableWidget(element, options) {
		this.$table = $(element);
		this.options = $.extend({}, defaults, options);
		this.page = 1;
		this.init();
	}

	TableWidget.prototype.init = function () {
		var self = this;
		this.$rows = this.$table.find("tbody tr");
		this.$table.find("th").each(function (index) {
			$(this).on("click.tinytable", function (event) {
				event.preventDefault();
				self.sortBy(index);
			});
		});
		this.showPage(1);
	};

	/**
	 * Sort by a column; a second click on the same one turns the order around.
	 */
	TableWidget.prototype.sortBy = function (column) {
		var isDescending = this.column === column && !this.isDescending;
		var sign = isDescending ? -1 : 1;
		var rows = this.$rows.get().sort(function (a, b) {
			var left = $(a).children().eq(column).text();
			var right = $(b).children().eq(column).text();
			return sign * left.localeCompare(right, undefined, { numeric: true });
		});
		this.column = column;
		this.isDescending = isDescending;
		this.$rows = $(rows).appendTo(this.$table.find("tbody"));
		this.$table.find("th").removeClass(this.options.sortClass).eq(column).addClass(this.options.sortClass);
		this.showPage(1);
	};

	TableWidget.prototype.showPage = function (page) {
		var start = (page - 1) * this.options.pageSize;
		this.page = page;
		this.$rows.hide().slice(start, start + this.options.pageSize).show();
		if ($.isFunction(this.options.onChange)) {
			this.options.onChange.call(this.$table[0], page);
		}
	};

	TableWidget.prototype.destroy = function () {
		this.$rows.show();
		this.$table.find("th").off(".tinytable");
		this.$table.removeData("tinytable");
	};

	$.fn.tinytable = function (options) {
		return this.each(function () {
			var $this = $(this);
			if (!$this.data("tinytable")) {
				$this.data("tinytable", new TableWidget(this, options));
			}
		});
	};

	/** Load rows from the server and put them into the table. */
	$.fn.loadRows = function (url, callback) {
		var $table = this;
		$.getJSON(url, function (data) {
			var html = $.map(data.rows, function (row) {
				return "<tr><td>" + $.map(row, function (cell) { return $("<i>").text(cell).html(); }).join("</td><td>") + "</td></tr>";
			});
			$table.find("tbody").html(html.join(""));
			if (callback) {
				callback(null, data.rows.length);
			}
		}).fail(function (xhr, status, error) {
			if (callback) {
				callback(error || status);
			}
		});
		return this;
	};
})(jQuery, window);
