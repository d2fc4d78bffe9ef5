(function (root) {
    'use strict';

    var MONTHS = 'January February March April May June July August September October November December'.split(' ');
    var DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

    function pad(value, width) {
        var text = String(value);
        while (text.length < width) {
            text = '0' + text;
        }
        return text;
    }

    var FIELDS = {
        YYYY: function (date) { return pad(date.getUTCFullYear(), 4); },
        MMMM: function (date) { return MONTHS[date.getUTCMonth()]; },
        MMM: function (date) { return MONTHS[date.getUTCMonth()].substr(0, 3); },
        MM: function (date) { return pad(date.getUTCMonth() + 1, 2); },
        DD: function (date) { return pad(date.getUTCDate(), 2); },
        D: function (date) { return String(date.getUTCDate()); },
        dddd: function (date) { return DAYS[date.getUTCDay()]; },
        HH: function (date) { return pad(date.getUTCHours(), 2); },
        mm: function (date) { return pad(date.getUTCMinutes(), 2); },
        ss: function (date) { return pad(date.getUTCSeconds(), 2); }
    };

    /**
     * Write a date by a pattern such as `dddd, D MMMM YYYY`; text in [brackets] is kept.
     *
     * @param {Date} date
     * @param {string} pattern
     * @return {string} in universal time
     */
    function formatDate(date, pattern) {
        return pattern.replace(/\[([^\]]*)\]|YYYY|MMMM|MMM|MM|DD|D|dddd|HH|mm|ss/g, function (field, literal) {
            return literal !== undefined ? literal : FIELDS[field](date);
        });
    }

    /**
     * Read a date written as `2024-03-31` or `2024-03-31 18:05`.
     *
     * @param {string} text
     * @return {?Date} null if the text is not a date
     */
    function parseDate(text) {
        var match = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}))?$/.exec(text);
        if (!match) {
            return null;
        }
        var month = Number(match[2]) - 1;
        var day = Number(match[3]);
        var date = new Date(Date.UTC(Number(match[1]), month, day, Number(match[4] || 0), Number(match[5] || 0)));
        var isValid = date.getUTCMonth() === month && date.getUTCDate() === day;
        return isValid ? date : null;
    }

    /**
     * English ordinal of a number: 1st, 2nd, 3rd, 4th, 11th.
     */
    function ordinal(number) {
        var lastTwo = number % 100;
        if (lastTwo > 10 && lastTwo < 14) {
            return number + 'th';
        }
        switch (number % 10) {
            case 1:
                return number + 'st';
            case 2:
                return number + 'nd';
            case 3:
                return number + 'rd';
            default:
                return number + 'th';
        }
    }

    root.formatDate = formatDate;
    root.parseDate = parseDate;
    root.ordinal = ordinal;
})(this);
