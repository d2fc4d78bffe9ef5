/**
 * Root of a function between two points where its sign differs.
 *
 * @param {function(number): number} callback
 * @param {number} low
 * @param {number} high
 * @param {number} [tolerance=1e-9]
 * @returns {number}
 */
function bisect(callback, low, high, tolerance = 1e-9) {
    const lowSign = Math.sign(callback(low));
    if (lowSign === Math.sign(callback(high))) {
        throw new Error('the sign does not change');
    }
    while (high - low > tolerance) {
        const middle = (low + high) / 2;
        const sign = Math.sign(callback(middle));
        if (sign === 0) {
            return middle;
        }
        if (sign === lowSign) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

/**
 * Root by Newton's method.
 *
 * @param {function(number): number} callback
 * @param {function(number): number} derivative
 * @param {number} start
 * @param {{tolerance?: number, maxSteps?: number}} [options]
 * @returns {number} NaN if it did not settle
 */
function newton(callback, derivative, start, { tolerance = 1e-12, maxSteps = 50 } = {}) {
    let x = start;
    for (let step = 0; step < maxSteps; step++) {
        const delta = callback(x) / derivative(x);
        x -= delta;
        if (Math.abs(delta) < tolerance) {
            return x;
        }
    }
    return NaN;
}

/**
 * Integral of a function by Simpson's rule.
 *
 * @param {function(number): number} callback
 * @param {number} start
 * @param {number} end
 * @param {number} [count=100] number of intervals, made even
 */
function integrate(callback, start, end, count = 100) {
    count += count % 2;
    const width = (end - start) / count;
    let total = callback(start) + callback(end);
    for (let index = 1; index < count; index++) {
        total += callback(start + index * width) * (index % 2 === 0 ? 2 : 4);
    }
    return total * width / 3;
}

/**
 * Value of a polynomial by Horner's scheme.
 *
 * @param {number[]} coefficients constant term first
 * @param {number} x
 * @returns {number}
 */
const evaluatePolynomial = (coefficients, x) =>
    coefficients.reduceRight((result, coefficient) => result * x + coefficient, 0);

// Real solutions of a x^2 + b x + c = 0, smaller first.
function solveQuadratic(a, b, c) {
    if (a === 0) {
        return b === 0 ? [] : [-c / b];
    }
    const discriminant = b * b - 4 * a * c;
    if (discriminant < 0) {
        return [];
    }
    if (discriminant === 0) {
        return [-b / (2 * a)];
    }
    // Adding numbers of one sign keeps the digits that subtraction would lose.
    const q = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
    return [q / a, c / q].sort((left, right) => left - right);
}

function clamp(value, min, max) {
    return Math.max(min, Math.min(max, value));
}

/**
 * Map a number from one interval to another.
 */
function rescale(value, [fromStart, fromEnd], [toStart, toEnd]) {
    const ratio = (value - fromStart) / (fromEnd - fromStart);
    return toStart + ratio * (toEnd - toStart);
}

/**
 * Random numbers that are the same for the same seed (a linear congruential generator).
 *
 * @param {number} seed
 * @returns {function(): number} gives numbers from 0 up to 1
 */
function createRandom(seed) {
    let state = seed >>> 0;
    return function random() {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 4294967296;
    };
}
