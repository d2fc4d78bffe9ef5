/**
 * Make a state machine.
 *
 * @param {{initial: string, states: Object<string, {on?: Object, enter?: Function, leave?: Function}>}} definition
 * @param {Object} [context] given to actions
 */
function createMachine(definition, context = {}) {
	let state = definition.initial;
	const listeners = new Set();

	const resolveTarget = (transition, event) => {
		const candidates = Array.isArray(transition) ? transition : [transition];
		return candidates
			.map(candidate => (typeof candidate === 'string' ? { target: candidate } : candidate))
			.find(({ guard }) => !guard || guard(context, event));
	};

	return {
		context,

		get state() {
			return state;
		},

		can(type) {
			return definition.states[state].on?.[type] !== undefined;
		},

		send(event) {
			if (typeof event === 'string') {
				event = { type: event };
			}
			const transition = this.can(event.type) && resolveTarget(definition.states[state].on[event.type], event);
			if (!transition) {
				return state;
			}
			const previous = state;
			const target = transition.target ?? previous;
			if (target !== previous) definition.states[previous].leave?.(context, event);
			transition.action?.(context, event);
			state = target;
			if (target !== previous) definition.states[target].enter?.(context, event);
			listeners.forEach(listener => listener(state, previous));
			return state;
		},

		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/**
 * Names of the states that can be reached from the first one.
 *
 * @param {Object} definition
 * @returns {string[]}
 */
function reachableStates(definition) {
	const names = [definition.initial];
	for (const name of names) {
		for (const transition of Object.values(definition.states[name].on ?? {}).flat()) {
			const target = typeof transition === 'string' ? transition : transition.target;
			if (target && !names.includes(target)) {
				names.push(target);
			}
		}
	}
	return names;
}

const trafficLight = {
	initial: 'red',
	states: {
		red: { on: { next: 'green' } },
		green: { on: { next: 'yellow', fault: 'blinking' } },
		yellow: { on: { next: 'red' } },
		blinking: { on: { repair: [{ target: 'green', guard: (context, event) => event.isBusy }, 'red'] } },
		broken: {},
	},
};

/** Store whose state only a reducer changes. */
function createStore(reducer, initialState) {
	let state = initialState;
	let isDispatching = false;
	const listeners = [];

	function dispatch(action) {
		if (isDispatching) {
			throw new Error('reducers must not dispatch');
		}
		try {
			isDispatching = true;
			state = reducer(state, action);
		} finally {
			isDispatching = false;
		}
		listeners.slice().forEach(listener => listener());
		return action;
	}

	function subscribe(listener) {
		listeners.push(listener);
		return function unsubscribe() {
			const index = listeners.indexOf(listener);
			if (index !== -1) listeners.splice(index, 1);
		};
	}

	return { dispatch, subscribe, getState: () => state };
}

module.exports = { createMachine, reachableStates, trafficLight, createStore };
