// Control flow with node-style callbacks, for programs that predate promises.

/**
 * Run tasks one after the other.
 *
 * @param {Array.<function(function(Error, *))>} tasks
 * @param {function(Error, Array)} callback gets the results, or the first error
 */
function series(tasks, callback) {
	var results = [];

	function next(index) {
		if (index === tasks.length) {
			return callback(null, results);
		}
		tasks[index](function (error, result) {
			if (error) {
				return callback(error);
			}
			results.push(result);
			next(index + 1);
		});
	}

	next(0);
}

/**
 * Run tasks at once and wait for all.
 *
 * @param {Array.<function(function(Error, *))>} tasks
 * @param {function(Error, Array)} callback
 */
function parallel(tasks, callback) {
	var results = [];
	var remaining = tasks.length;
	var hasFailed = false;
	if (remaining === 0) {
		return callback(null, results);
	}
	for (var i = 0; i < tasks.length; i++) {
		(function (index) {
			tasks[index](function (error, result) {
				if (hasFailed) return;
				if (error) {
					hasFailed = true;
					return callback(error);
				}
				results[index] = result;
				remaining -= 1;
				if (remaining === 0) callback(null, results);
			});
		})(i);
	}
}

/**
 * Pass the result of every task on to the next.
 */
function waterfall(tasks, callback) {
	var index = 0;

	function next(error) {
		if (error || index === tasks.length) {
			return callback.apply(null, arguments);
		}
		var args = Array.prototype.slice.call(arguments, 1);
		var task = tasks[index++];
		task.apply(null, args.concat(next));
	}

	next(null);
}

function eachSeries(items, iterator, callback) {
	series(
		items.map(function (item) {
			return function (done) {
				iterator(item, done);
			};
		}),
		function (error) {
			callback(error || null);
		}
	);
}

// Guards against being called twice.
function onlyOnce(callback) {
	var isCalled = false;
	return function () {
		if (isCalled) {
			throw new Error('callback was already called');
		}
		isCalled = true;
		return callback.apply(this, arguments);
	};
}
