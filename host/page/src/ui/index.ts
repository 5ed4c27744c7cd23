/** The parts that views are made of. */

export { Button, IconButton } from './button';
export { Segments, Tabs } from './choice';
export { Dialog } from './dialog';
export { CheckField, type Choice, Field, SelectField, TextField } from './field';
export { Icon, type IconName } from './icon';
export { Age, Ago, Avatar, Badge, Clipped, English, now, Phone, PresenceWord, type Tone, Written, writtenDirection } from './parts';
export { Bone, Empty, Failed, Loaded, Needs, NoRight, State } from './states';
export { reason, toast, toastError } from './toast';
