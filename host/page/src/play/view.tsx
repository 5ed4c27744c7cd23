/** A phone that writes to the inbox as a customer, and what the inbox does with it. */

import './view.css';
import { useEffect, useState } from 'preact/hooks';
import { onEvents } from '../events';
import { useInbox } from '../inbox';
import { Bone, Button, Clipped, Icon, Loaded, Needs } from '../ui';
import { words } from '../words';
import { readChat, readLater } from './acts';
import { Desk } from './desk';
import { Person } from './person';
import { Phone } from './phone';
import { addConversation, conversations, currentId, newPlayer } from './store';

export default function PlayView() {
  const { play: say, frame } = words();
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{frame.views.play}</h1>
          <p class="small">{say.lead}</p>
        </div>
      </div>
      <Needs right="messages">
        <Stage />
      </Needs>
    </>
  );
}

function Stage() {
  const { play: say } = words();
  const { numbers } = useInbox();
  // Only where there is little room.
  const [isOpen, setOpen] = useState(false);
  const first = numbers.data.value?.[0]?.number;
  useEffect(() => {
    if (first !== undefined && conversations.value.length === 0) addConversation(newPlayer(say.sampleNames, first));
  }, [first]);
  useEffect(
    () =>
      onEvents(['assigned', 'waiting', 'answered', 'closed', 'message'], (event) => {
        const touched = conversations.value.find(({ chat }) => chat !== null && chat.id === event.chat);
        if (!touched?.chat) return;
        void readChat(touched.player.id, touched.chat.id).catch(() => {});
        void readLater(touched).catch(() => {});
      }),
    [],
  );
  const current = conversations.value.find(({ player }) => player.id === currentId.value) ?? conversations.value[0];
  const name = current && (current.player.name || current.player.phone);
  return (
    <Loaded of={numbers} bones={<Bones />}>
      {(items) =>
        current === undefined ? null : (
          <div class="play">
            <section class={isOpen ? 'card play-people' : 'card play-people closed'} aria-label={say.customers}>
              <div class="card-head">
                <h2>{say.customers}</h2>
                <Button
                  small
                  class="play-more"
                  icon="user"
                  aria-expanded={isOpen}
                  aria-label={`${say.customers}: ${name}`}
                  onClick={() => setOpen(!isOpen)}
                >
                  <Clipped>{name}</Clipped>
                  <Icon name={isOpen ? 'up' : 'down'} size={16} />
                </Button>
                <Button small icon="plus" onClick={() => addConversation(newPlayer(say.sampleNames, current.player.number))}>
                  {say.newCustomer}
                </Button>
              </div>
              <Person conversation={current} numbers={items} />
            </section>
            <Phone key={current.player.id} conversation={current} />
            <Desk conversation={current} />
          </div>
        )
      }
    </Loaded>
  );
}

function Bones() {
  return (
    <div class="play">
      <div class="card play-people">
        <div class="card-head">
          <Bone width={120} height={20} />
        </div>
      </div>
      <div class="phone" />
      <div class="card play-desk">
        <div class="card-head">
          <Bone width={120} height={20} />
        </div>
      </div>
    </div>
  );
}
