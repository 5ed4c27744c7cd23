// Routes a message by the rules of a folder: node route.js rules
import { LoadError, Reloader, type Outcome, type Situation } from 'inbox-rules';

const onOutcome = (outcome: Outcome) => {
  if (outcome.refusal !== null) console.error('the rules stay as they were:', outcome.refusal);
};
const situation: Situation = {
  number: '+15550100',
  message: { id: 'wamid.A1', text: 'I want a refund' },
  customer: { name: 'Mona', returning: true, owner: 'alice' },
  users: { bob: { presence: 'online', chats: 3 } },
};
Reloader.watch(process.argv[2] ?? 'rules', onOutcome)
  .then((live) => {
    const decision = live.current().decide(situation, { explain: true });
    console.log(decision.rule, decision.assign, decision.replies);
    live.close();
  })
  .catch((error) => {
    if (error instanceof LoadError) console.error(error.message, error.findings);
    process.exitCode = 1;
  });
