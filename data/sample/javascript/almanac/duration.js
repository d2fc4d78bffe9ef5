/* A length of time. Written before classes were everywhere. */

var UNITS = [
    ['d', 86400],
    ['h', 3600],
    ['m', 60],
    ['s', 1]
];

/**
 * @constructor
 * @param {number} seconds
 */
function Duration(seconds) {
    if (!(this instanceof Duration)) {
        return new Duration(seconds);
    }
    this.seconds = seconds;
}

/**
 * Read a text such as "1h 30m" or "-90s".
 *
 * @param {string} text
 * @return {Duration}
 */
Duration.parse = function (text) {
    var pattern = /(\d+(?:\.\d+)?)\s*([dhms])/g;
    var total = 0;
    var found = false;
    var match;
    while ((match = pattern.exec(text)) !== null) {
        for (var i = 0; i < UNITS.length; i++) {
            if (UNITS[i][0] === match[2]) {
                total += parseFloat(match[1]) * UNITS[i][1];
                found = true;
            }
        }
    }
    if (!found) {
        throw new Error('not a duration: ' + text);
    }
    return new Duration(/^\s*-/.test(text) ? -total : total);
};

Duration.between = function (start, end) {
    return new Duration((end.getTime() - start.getTime()) / 1000);
};

/**
 * Sum of two durations.
 *
 * @param {Duration} other
 * @return {Duration}
 */
Duration.prototype.plus = function (other) {
    return new Duration(this.seconds + other.seconds);
};

Duration.prototype.times = function (factor) {
    return new Duration(this.seconds * factor);
};

Duration.prototype.isNegative = function () {
    return this.seconds < 0;
};

/**
 * Write the duration with its largest units first, leaving out those that are zero.
 *
 * @param {number} [limit] at most so many units
 * @return {string}
 */
Duration.prototype.toString = function (limit) {
    var rest = Math.abs(Math.round(this.seconds));
    var parts = [];
    for (var i = 0; i < UNITS.length && parts.length < (limit || UNITS.length); i++) {
        var count = Math.floor(rest / UNITS[i][1]);
        if (count > 0) {
            parts.push(count + UNITS[i][0]);
            rest -= count * UNITS[i][1];
        }
    }
    return (this.isNegative() ? '-' : '') + (parts.join(' ') || '0s');
};

/**
 * Say how long ago something happened, in the words that people use.
 *
 * @param {number} seconds
 * @return {string}
 */
function describeAge(seconds) {
    var steps = [
        [60, 'second', 1],
        [3600, 'minute', 60],
        [86400, 'hour', 3600],
        [Infinity, 'day', 86400]
    ];
    if (seconds < 5) {
        return 'just now';
    }
    for (var i = 0; i < steps.length; i++) {
        if (seconds < steps[i][0]) {
            var count = Math.floor(seconds / steps[i][2]);
            return count + ' ' + steps[i][1] + (count === 1 ? '' : 's') + ' ago';
        }
    }
}
