/** A matrix of numbers, stored row by row. */
class Matrix {
    #data;

    /**
     * @param {number} rows
     * @param {number} columns
     * @param {number[]} [data] rows * columns numbers; zeros by default
     */
    constructor(rows, columns, data = new Array(rows * columns).fill(0)) {
        if (data.length !== rows * columns) {
            throw new RangeError(`expected ${rows * columns} numbers, got ${data.length}`);
        }
        this.rows = rows;
        this.columns = columns;
        this.#data = data;
    }

    /** Matrix with ones on the diagonal. */
    static identity(size) {
        const result = new Matrix(size, size);
        for (let index = 0; index < size; index++) {
            result.set(index, index, 1);
        }
        return result;
    }

    static fromRows(rows) {
        return new Matrix(rows.length, rows.length ? rows[0].length : 0, rows.flat());
    }

    get isSquare() {
        return this.rows === this.columns;
    }

    get(row, column) {
        return this.#data[row * this.columns + column];
    }

    set(row, column, value) {
        this.#data[row * this.columns + column] = value;
        return this;
    }

    /**
     * @returns {number[][]}
     */
    toRows() {
        const rows = [];
        for (let row = 0; row < this.rows; row++) {
            rows.push(this.#data.slice(row * this.columns, (row + 1) * this.columns));
        }
        return rows;
    }

    transpose() {
        const result = new Matrix(this.columns, this.rows);
        for (let row = 0; row < this.rows; row++) {
            for (let column = 0; column < this.columns; column++) {
                result.set(column, row, this.get(row, column));
            }
        }
        return result;
    }

    /**
     * Product of two matrices.
     *
     * @param {Matrix} other has as many rows as this has columns
     * @returns {Matrix}
     */
    multiply(other) {
        if (this.columns !== other.rows) {
            throw new RangeError('sizes do not fit');
        }
        const result = new Matrix(this.rows, other.columns);
        for (let row = 0; row < this.rows; row++) {
            for (let column = 0; column < other.columns; column++) {
                let total = 0;
                for (let index = 0; index < this.columns; index++) {
                    total += this.get(row, index) * other.get(index, column);
                }
                result.set(row, column, total);
            }
        }
        return result;
    }

    /**
     * Determinant by elimination with partial pivoting.
     *
     * @returns {number}
     */
    determinant() {
        if (!this.isSquare) {
            throw new RangeError('only square matrices have a determinant');
        }
        const rows = this.toRows();
        let result = 1;
        for (let index = 0; index < rows.length; index++) {
            let pivot = index;
            for (let row = index + 1; row < rows.length; row++) {
                if (Math.abs(rows[row][index]) > Math.abs(rows[pivot][index])) {
                    pivot = row;
                }
            }
            if (rows[pivot][index] === 0) {
                return 0;
            }
            if (pivot !== index) {
                [rows[pivot], rows[index]] = [rows[index], rows[pivot]];
                result = -result;
            }
            result *= rows[index][index];
            for (let row = index + 1; row < rows.length; row++) {
                const factor = rows[row][index] / rows[index][index];
                for (let column = index; column < rows.length; column++) {
                    rows[row][column] -= factor * rows[index][column];
                }
            }
        }
        return result;
    }
}
