import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../words';
import { IconButton } from './button';

interface DialogProps {
  title: ComponentChildren;
  /** Missing: it cannot be closed without an answer. */
  onClose?: () => void;
  children: ComponentChildren;
  /** Buttons. */
  foot?: ComponentChildren;
  /** In pixels. */
  width?: number;
}

/** A dialog over the page, which is there for as long as it is drawn. */
export function Dialog({ title, onClose, children, foot, width = 480 }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      style={{ '--dialog': `${width}px` }}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose?.();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        {onClose && <IconButton icon="close" label={words().common.close} onClick={onClose} />}
      </div>
      <div class="dialog-body">{children}</div>
      {foot && <div class="dialog-foot">{foot}</div>}
    </dialog>
  );
}
