/**
 * Greatest common divisor by Euclid's algorithm.
 *
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function gcd(a, b) {
    while (b !== 0) {
        [a, b] = [b, a % b];
    }
    return Math.abs(a);
}

const lcm = (a, b) => (a === 0 || b === 0 ? 0 : Math.abs(a / gcd(a, b) * b));

/**
 * All primes up to a limit, by the sieve of Eratosthenes.
 *
 * @param {number} limit
 * @returns {number[]}
 */
function primesUpTo(limit) {
    const isComposite = new Uint8Array(limit + 1);
    const primes = [];
    for (let number = 2; number <= limit; number++) {
        if (isComposite[number]) {
            continue;
        }
        primes.push(number);
        for (let multiple = number * number; multiple <= limit; multiple += number) {
            isComposite[multiple] = 1;
        }
    }
    return primes;
}

function isPrime(number) {
    if (number < 2 || !Number.isInteger(number)) return false;
    if (number % 2 === 0) return number === 2;
    for (let divisor = 3; divisor * divisor <= number; divisor += 2) {
        if (number % divisor === 0) return false;
    }
    return true;
}

/**
 * Prime factors in rising order, repeated as often as they divide the number.
 *
 * @param {number} number
 * @returns {number[]}
 */
function factorize(number) {
    const factors = [];
    let divisor = 2;
    while (divisor * divisor <= number) {
        if (number % divisor === 0) {
            factors.push(divisor);
            number /= divisor;
        } else {
            divisor++;
        }
    }
    if (number > 1) {
        factors.push(number);
    }
    return factors;
}

/**
 * Power modulo a number without overflow.
 *
 * @param {bigint} base
 * @param {bigint} exponent
 * @param {bigint} modulus
 * @returns {bigint}
 */
function modPow(base, exponent, modulus) {
    let result = 1n;
    base %= modulus;
    while (exponent > 0n) {
        if (exponent & 1n) {
            result = (result * base) % modulus;
        }
        base = (base * base) % modulus;
        exponent >>= 1n;
    }
    return result;
}

/** Fibonacci numbers without end. */
function* fibonacci() {
    let [current, next] = [0, 1];
    while (true) {
        yield current;
        [current, next] = [next, current + next];
    }
}

/**
 * Write a number in Roman numerals.
 *
 * @param {number} number from 1 to 3999
 * @returns {string}
 */
function toRoman(number) {
    if (!(number >= 1 && number <= 3999)) {
        throw new RangeError('number must lie between 1 and 3999');
    }
    const symbols = [
        [1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'], [100, 'C'], [90, 'XC'],
        [50, 'L'], [40, 'XL'], [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I'],
    ];
    let result = '';
    for (const [value, symbol] of symbols) {
        while (number >= value) {
            result += symbol;
            number -= value;
        }
    }
    return result;
}

/**
 * Digits of a non-negative integer in some base, most significant first.
 */
function digitsOf(number, base = 10) {
    const digits = [];
    do {
        digits.unshift(number % base);
        number = Math.floor(number / base);
    } while (number > 0);
    return digits;
}
