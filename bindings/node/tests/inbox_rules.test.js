'use strict';

// The package for Node, compared with the program `rules` (RULES_PROGRAM).

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const { Worker } = require('node:worker_threads');

const inboxRules = require('..');
const { LoadError, Reloader, RuleSet, RulesError, SituationError, check } = inboxRules;

const root = path.join(__dirname, '../../..');
const samples = path.join(root, 'rules');
const lines = fs.readFileSync(path.join(root, 'bindings/tests/situations.jsonl'), 'utf8').trim().split('\n');
const situations = lines.map((line) => JSON.parse(line));

/** What the program prints, with findings or without. */
function program(args, input = '') {
  const run = spawnSync(process.env.RULES_PROGRAM, args, { cwd: root, input, encoding: 'utf8' });
  assert.ok(run.status === 0 || run.status === 1, run.stderr);
  return run.stdout;
}

/** A copy of rules/ that goes with the test. */
function folder(t) {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'inbox-rules-'));
  t.after(() => fs.rmSync(parent, { recursive: true, force: true }));
  const rules = path.join(parent, 'rules');
  fs.cpSync(samples, rules, { recursive: true });
  const store = path.join(rules, '+15550100.rules');
  /** Changes the store's policy, in one step. */
  const replace = (before, after) => {
    const text = fs.readFileSync(store, 'utf8');
    assert.ok(text.includes(before));
    const other = path.join(rules, 'other');
    fs.writeFileSync(other, text.replace(before, after));
    fs.renameSync(other, store);
  };
  return { rules, store, replace };
}

/** Outcomes in order: `push` takes one, `next` waits for one. */
function outcomes() {
  const come = [];
  const waiting = [];
  return {
    push: (outcome) => (waiting.length > 0 ? waiting.shift()(outcome) : come.push(outcome)),
    // The timer keeps Node alive: a folder that is followed does not.
    next: () =>
      come.length > 0
        ? Promise.resolve(come.shift())
        : new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error('no outcome has come')), 30_000);
            waiting.push((outcome) => {
              clearTimeout(timer);
              resolve(outcome);
            });
          }),
  };
}

describe('decide', () => {
  test('the cases of the settings page are decided as by the program', async () => {
    const rules = await RuleSet.load(samples);
    for (const [args, options] of [
      [[], undefined],
      [['--explain'], { explain: true }],
      [['--seed', '7'], { seed: 7 }],
      [['--seed', String(2n ** 64n - 1n)], { seed: 2n ** 64n - 1n }],
    ]) {
      const printed = program(['route', '--format', 'json', ...args], lines.join('\n')).trim().split('\n');
      assert.equal(printed.length, situations.length);
      situations.forEach((situation, at) => {
        assert.deepEqual(rules.decide(situation, options), JSON.parse(printed[at]));
      });
    }
    const names = situations.slice(0, 5).map((situation) => rules.decide(situation).rule?.name);
    assert.deepEqual(names, ['welcome', 'closed', 'back to the owner', 'owner is away', null]);
  });

  test('the seed changes what is random, and is a whole number', async () => {
    const rules = await RuleSet.load(samples);
    const users = Array.from({ length: 32 }, (_, seed) => rules.decide(situations[5], { seed }).assign.user);
    assert.equal(new Set(users).size, 2);
    for (const seed of [-1, 0.5, 2n ** 64n, NaN, '7', 'x', null, true]) {
      assert.throws(() => rules.decide(situations[5], { seed }), RangeError);
    }
  });

  test('wrong situations throw a sentence with the place', async () => {
    const rules = await RuleSet.load(samples);
    const wrong = [
      [{ number: '+15550100', users: { alcie: {} } }, 'users.alcie', /alice/],
      [{ number: '+15550100', mesage: {} }, 'mesage', /mesage/],
      [{ number: '+15550100', message: { text: 5 } }, 'message.text', /message\.text/],
      [{ number: '+15550100', message: { text: '👋'.slice(0, 1) } }, 'message.text', /half of a surrogate pair/],
      [[], null, /object/],
    ];
    for (const [situation, place, words] of wrong) {
      assert.throws(
        () => rules.decide(situation),
        (error) => {
          assert.ok(error instanceof SituationError && error instanceof RulesError && error instanceof Error);
          assert.deepEqual([error.name, error.place], ['SituationError', place]);
          assert.match(error.message, words);
          return true;
        },
      );
    }
    assert.throws(() => rules.decide(undefined), TypeError);
    assert.throws(() => rules.decide({ at: 1n }), TypeError);
  });

  test('worker threads decide side by side', async () => {
    const rules = await RuleSet.load(samples);
    const expected = situations.map((situation) => rules.decide(situation));
    const work = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { RuleSet } = require(workerData.inboxRules);
      RuleSet.load(workerData.samples).then((rules) => {
        let decisions;
        for (let i = 0; i < 50; i++) decisions = workerData.situations.map((situation) => rules.decide(situation));
        parentPort.postMessage(decisions);
      });`;
    const workerData = { inboxRules: path.join(__dirname, '..'), samples, situations };
    const decided = Array.from({ length: 4 }, () => {
      const worker = new Worker(work, { eval: true, workerData });
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    });
    for (const decisions of await Promise.all(decided)) assert.deepEqual(decisions, expected);
  });

  test('a rule set comes from a folder', () => {
    assert.throws(() => new RuleSet(), TypeError);
    assert.throws(() => new Reloader(), TypeError);
  });
});

describe('load and check', () => {
  test('rules with faults reject with their findings', async (t) => {
    const { rules, replace } = folder(t);
    replace('group "Sales" by least_chats', 'group "Slaes" by round_robin');
    const report = JSON.parse(program(['check', '--format', 'json', rules]));
    const messages = report.findings.filter(({ level }) => level === 'error').map(({ message }) => message);
    assert.equal(messages.length, 2);
    await assert.rejects(RuleSet.load(rules), (error) => {
      assert.ok(error instanceof LoadError);
      assert.deepEqual(
        error.findings.map(({ message }) => message),
        messages,
      );
      assert.match(error.message, /no group is called `Slaes` \(and 1 more finding\)/);
      return true;
    });
    await assert.rejects(Reloader.watch(rules), LoadError);
  });

  test('a folder that is not there is named', async () => {
    for (const call of [RuleSet.load, Reloader.watch, check]) {
      await assert.rejects(call('nowhere'), {
        name: 'LoadError',
        message: 'there is no file or folder `nowhere`',
        findings: [],
      });
    }
  });

  test('findings are those of the program', async (t) => {
    const { rules, store, replace } = folder(t);
    replace('group "Sales" by least_chats', 'group "Slaes" by round_robin');
    for (const checked of [samples, rules, store, path.join(rules, 'default.rules')]) {
      assert.deepEqual(await check(checked), JSON.parse(program(['check', '--format', 'json', checked])));
    }
    assert.ok((await check(rules)).findings.length >= 2);
  });
});

describe('reload', () => {
  test('a change is followed and a bad one is refused', async (t) => {
    const { rules, store, replace } = folder(t);
    const come = outcomes();
    const live = await Reloader.watch(rules, come.push);
    const reply = (set) => set.decide(situations[0]).replies[0].text;
    const first = await come.next();
    assert.deepEqual([first.taken, first.generation, first.refusal], [true, 1, null]);
    assert.deepEqual(live.outcome(), first);
    const held = live.current();

    replace("Welcome to my store. We'll", "Good morning! We'll");
    const second = await come.next();
    assert.deepEqual(second.changes, { added: [], removed: [], changed: [path.basename(store)] });
    assert.match(reply(live.current()), /^Good morning!/);
    assert.match(reply(held), /^Welcome/);

    replace('group "Sales" by least_chats', 'group "Slaes" by least_chats');
    const third = await come.next();
    assert.deepEqual([third.taken, third.generation, third.waiting], [false, 2, false]);
    assert.match(third.refusal, /Slaes/);
    assert.ok(third.findings.some(({ code }) => code === 'unknown-group'));
    assert.match(reply(live.current()), /^Good morning!/);
    assert.equal(await live.accept(third.digest), null);

    live.close();
    live.close();
    assert.throws(() => live.current(), { name: 'RulesError', message: 'the reloader is closed' });
  });

  test('what has lost much waits until it is accepted', async (t) => {
    const { rules, store } = folder(t);
    const come = outcomes();
    const live = await Reloader.watch(rules, come.push);
    await come.next();
    fs.writeFileSync(store, 'otherwise: assign group "Sales" by in_order\n');
    const outcome = await come.next();
    assert.deepEqual([outcome.taken, outcome.waiting], [false, true]);
    assert.equal((await live.accept(outcome.digest)).taken, true);
    assert.deepEqual(live.current().decide(situations[0]).replies, []);
    live.close();
    await assert.rejects(live.accept(outcome.digest), RulesError);
  });

  test('what is not a string or a function is refused at once', async () => {
    for (const call of [RuleSet.load, Reloader.watch, check]) {
      for (const path of [undefined, null, 5, new URL('file:///rules')]) await assert.rejects(call(path), TypeError);
    }
    await assert.rejects(Reloader.watch(samples, 5), TypeError);
    const live = await Reloader.watch(samples);
    await assert.rejects(live.accept(), TypeError);
    live.close();
  });

  /** What Node prints that runs a program with this package as `inboxRules`, and the samples as `samples`. */
  function node(program, ...options) {
    const values = `const inboxRules = require(${JSON.stringify(path.join(__dirname, '..'))});
      const samples = ${JSON.stringify(samples)};`;
    return spawnSync(process.execPath, [...options, '--eval', values + program], { encoding: 'utf8', timeout: 60_000 });
  }

  test('what the function throws is an uncaught exception, and the folder is still followed', () => {
    const { status, stdout, stderr } = node(`
      process.on('uncaughtException', (error) => console.log(error.message));
      const onOutcome = (outcome) => {
        setTimeout(() => console.log(live.outcome().generation), 1);
        throw new Error('thrown at ' + outcome.generation);
      };
      let live;
      inboxRules.Reloader.watch(samples, onOutcome).then((reloader) => (live = reloader));`);
    assert.deepEqual([status, stdout, stderr], [0, 'thrown at 1\n1\n', '']);
  });

  test('a reloader that its own function holds is garbage', () => {
    const program = `
      const gone = new FinalizationRegistry(() => process.exit(7));
      let told = 0;
      async function follow() {
        const host = { onOutcome: () => (told += 1) };
        host.hears = () => host.onOutcome();
        host.live = await inboxRules.Reloader.watch(samples, host.hears);
        gone.register(host.live, 0);
      }
      const collect = () => {
        if (told > 0) globalThis.gc();
        setTimeout(collect, 10);
      };
      follow().then(collect);`;
    const { status, stderr } = node(program, '--expose-gc');
    assert.deepEqual([status, stderr], [7, '']);
  });

  test('a folder that is followed keeps neither Node nor a worker thread alive', () => {
    const program = `
      const { Worker, isMainThread } = require('node:worker_threads');
      require(${JSON.stringify(path.join(__dirname, '..'))})
        .Reloader.watch(${JSON.stringify(samples)}, () => {})
        .then((live) => {
          globalThis.live = live;
          if (isMainThread) new Worker(__filename).once('exit', (code) => console.log('worker', code));
        });`;
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'inbox-rules-')), 'program.js');
    fs.writeFileSync(file, program);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 });
    fs.rmSync(path.dirname(file), { recursive: true });
    assert.deepEqual([status, stdout, stderr], [0, 'worker 0\n', '']);
  });
});

describe('types', () => {
  test('each class of index.d.ts has the members that it has', () => {
    const text = fs.readFileSync(path.join(__dirname, '../index.d.ts'), 'utf8');
    const exported = [...text.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(exported.sort(), Object.keys(inboxRules).sort());
    for (const [, name, body] of text.matchAll(/^export class (\w+)[^{]*\{\n(.*?)^\}/gms)) {
      const made = inboxRules[name];
      const members = [...body.matchAll(/^ {2}(static )?(\w+)\(/gm)].map((found) => `${found[1] ?? ''}${found[2]}`);
      const own = (object, before) =>
        Object.getOwnPropertyNames(object)
          .filter((member) => typeof Object.getOwnPropertyDescriptor(object, member).value === 'function')
          .map((member) => before + member);
      const real = [...own(made.prototype, ''), ...own(made, 'static ')];
      const expected = real.filter((member) => member !== 'constructor');
      assert.deepEqual(members.sort(), expected.sort(), name);
    }
  });
});

describe('the example', () => {
  const run = (rules) => {
    // It imports the package by its name.
    const options = { cwd: path.join(__dirname, '..'), encoding: 'utf8' };
    return spawnSync(process.execPath, ['built/examples/route.js', rules], options);
  };

  test('it routes a message', () => {
    const { status, stdout, stderr } = run(samples);
    assert.deepEqual([status, stderr], [0, '']);
    for (const word of ['owner is away', "user: 'bob'", 'Alice is away, Bob will help you.']) {
      assert.ok(stdout.includes(word), stdout);
    }
  });

  test('it says what is wrong', () => {
    const { status, stderr } = run('nowhere');
    assert.deepEqual([status, stderr], [1, 'there is no file or folder `nowhere` []\n']);
  });
});
