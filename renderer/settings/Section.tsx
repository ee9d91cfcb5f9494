import { type ReactNode, useId } from 'react';
import styles from './Settings.module.css';

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className={styles.body}>{children}</div>
    </section>
  );
}

/** What is chosen on the left, and the choice on the right. */
export function Line({
  label,
  note,
  children,
}: {
  readonly label: string;
  readonly note?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.line}>
      <div className={styles.words}>
        <span>{label}</span>
        {note !== undefined && <p>{note}</p>}
      </div>
      {children}
    </div>
  );
}
