// Descriptive statistics. Every function takes an array of numbers and leaves it alone.

/**
 * Sum with Neumaier's compensation, so that small terms are not lost beside large ones.
 *
 * @param {number[]} values
 * @returns {number}
 */
function sum(values) {
    let total = 0;
    let compensation = 0;
    for (const value of values) {
        const next = total + value;
        if (Math.abs(total) >= Math.abs(value)) {
            compensation += total - next + value;
        } else {
            compensation += value - next + total;
        }
        total = next;
    }
    return total + compensation;
}

/**
 * Arithmetic mean.
 *
 * @param {number[]} values
 * @returns {number} NaN for an empty array
 */
function mean(values) {
    return sum(values) / values.length;
}

/**
 * The value in the middle, or the mean of the two middle ones.
 *
 * @param {number[]} values
 * @returns {number}
 */
function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Variance by Welford's method, in one pass.
 *
 * @param {number[]} values
 * @param {boolean} [isSample=true] divide by n - 1
 * @returns {number}
 */
function variance(values, isSample = true) {
    let count = 0;
    let average = 0;
    let squares = 0;
    for (const value of values) {
        count++;
        const delta = value - average;
        average += delta / count;
        squares += delta * (value - average);
    }
    return squares / (isSample ? count - 1 : count);
}

const standardDeviation = (values, isSample = true) => Math.sqrt(variance(values, isSample));

/**
 * Quantile with linear interpolation between neighbours.
 *
 * @param {number[]} values
 * @param {number} fraction between 0 and 1
 */
function quantile(values, fraction) {
    if (fraction < 0 || fraction > 1) {
        throw new RangeError('fraction must lie between 0 and 1');
    }
    const sorted = [...values].sort((a, b) => a - b);
    const position = (sorted.length - 1) * fraction;
    const lower = Math.floor(position);
    const upper = Math.ceil(position);
    return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - lower);
}

/**
 * Pearson's correlation of two series of equal length.
 *
 * @param {number[]} xs
 * @param {number[]} ys
 * @returns {number}
 */
function correlation(xs, ys) {
    if (xs.length !== ys.length) {
        throw new Error('series differ in length');
    }
    const meanX = mean(xs);
    const meanY = mean(ys);
    let covariance = 0;
    let squaresX = 0;
    let squaresY = 0;
    for (let i = 0; i < xs.length; i++) {
        const dx = xs[i] - meanX;
        const dy = ys[i] - meanY;
        covariance += dx * dy;
        squaresX += dx * dx;
        squaresY += dy * dy;
    }
    return covariance / Math.sqrt(squaresX * squaresY);
}

/**
 * Straight line through points by least squares.
 *
 * @param {Array<{x: number, y: number}>} points
 * @returns {{slope: number, intercept: number}}
 */
function fitLine(points) {
    const meanX = mean(points.map(point => point.x));
    const meanY = mean(points.map(point => point.y));
    let numerator = 0;
    let denominator = 0;
    for (const { x, y } of points) {
        numerator += (x - meanX) * (y - meanY);
        denominator += (x - meanX) ** 2;
    }
    const slope = numerator / denominator;
    return { slope, intercept: meanY - slope * meanX };
}

function histogram(values, count) {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const width = (high - low) / count || 1;
    const bins = new Array(count).fill(0);
    for (const value of values) {
        const index = Math.min(count - 1, Math.floor((value - low) / width));
        bins[index]++;
    }
    return bins;
}

/**
 * Mean of the last `size` values at every place.
 *
 * @param {number[]} values
 * @param {number} size
 * @returns {number[]}
 */
function movingAverage(values, size) {
    const averages = [];
    let total = 0;
    values.forEach((value, index) => {
        total += value;
        if (index >= size) {
            total -= values[index - size];
        }
        if (index >= size - 1) {
            averages.push(total / size);
        }
    });
    return averages;
}
