/* Almanac: calendar arithmetic for browsers of all ages. Months count from 1, weeks start on Monday. */
var almanac = (function () {
    var MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    var DAY_MS = 24 * 60 * 60 * 1000;

    /**
     * Whether a year of the Gregorian calendar has 366 days.
     *
     * @param {number} year
     * @return {boolean}
     */
    function isLeapYear(year) {
        return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    }

    /**
     * Length of a month.
     *
     * @param {number} year
     * @param {number} month from 1 to 12
     * @return {number} days
     */
    function daysInMonth(year, month) {
        if (month < 1 || month > 12) {
            throw new RangeError('no such month: ' + month);
        }
        return month === 2 && isLeapYear(year) ? 29 : MONTH_LENGTHS[month - 1];
    }

    /**
     * Number of the day within its year; 1 January is 1.
     *
     * @param {number} year
     * @param {number} month
     * @param {number} day
     * @return {number}
     */
    function dayOfYear(year, month, day) {
        var total = day;
        for (var index = 1; index < month; index++) {
            total += daysInMonth(year, index);
        }
        return total;
    }

    /**
     * Day of the week, 1 for Monday to 7 for Sunday.
     */
    function weekday(year, month, day) {
        var number = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
        return number === 0 ? 7 : number;
    }

    /**
     * The ISO 8601 week that a day belongs to.
     *
     * @param {number} year
     * @param {number} month
     * @param {number} day
     * @return {{year: number, week: number}} the year may be that before or after
     */
    function isoWeek(year, month, day) {
        var thursday = new Date(Date.UTC(year, month - 1, day));
        thursday.setUTCDate(thursday.getUTCDate() + 4 - weekday(year, month, day));
        var start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
        return {
            year: thursday.getUTCFullYear(),
            week: Math.floor((thursday.getTime() - start) / DAY_MS / 7) + 1
        };
    }

    function addDays(date, count) {
        return new Date(date.getTime() + count * DAY_MS);
    }

    /**
     * Add months to a date; a day that the new month lacks becomes its last one.
     *
     * @param {Date} date
     * @param {number} count may be negative
     * @return {Date}
     */
    function addMonths(date, count) {
        var months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count;
        var year = Math.floor(months / 12);
        var month = months - year * 12 + 1;
        var result = new Date(date.getTime());
        result.setUTCFullYear(year, month - 1, Math.min(date.getUTCDate(), daysInMonth(year, month)));
        return result;
    }

    /**
     * Weeks of a month as rows of seven day numbers, with null outside the month.
     *
     * @param {number} year
     * @param {number} month
     * @return {Array.<Array.<?number>>}
     */
    function monthGrid(year, month) {
        var rows = [];
        var row = [];
        var offset = weekday(year, month, 1) - 1;
        var count = daysInMonth(year, month);
        var cell;
        for (cell = 0; cell < offset; cell++) {
            row.push(null);
        }
        for (var day = 1; day <= count; day++) {
            row.push(day);
            if (row.length === 7) {
                rows.push(row);
                row = [];
            }
        }
        if (row.length > 0) {
            while (row.length < 7) {
                row.push(null);
            }
            rows.push(row);
        }
        return rows;
    }

    /**
     * Sunday of Easter by the anonymous Gregorian computus.
     *
     * @param {number} year
     * @return {{month: number, day: number}}
     */
    function easter(year) {
        var golden = year % 19;
        var century = Math.floor(year / 100);
        var rest = year % 100;
        var leapCenturies = Math.floor(century / 4);
        var correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
        var epact = (19 * golden + century - leapCenturies - correction + 15) % 30;
        var shift = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
        var late = Math.floor((golden + 11 * epact + 22 * shift) / 451);
        var sum = epact + shift - 7 * late + 114;
        return { month: Math.floor(sum / 31), day: (sum % 31) + 1 };
    }

    return {
        isLeapYear: isLeapYear,
        daysInMonth: daysInMonth,
        dayOfYear: dayOfYear,
        weekday: weekday,
        isoWeek: isoWeek,
        addDays: addDays,
        addMonths: addMonths,
        monthGrid: monthGrid,
        easter: easter
    };
})();
