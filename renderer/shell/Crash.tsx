import { Component, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { Mark } from '../ui/Mark.tsx';
import styles from './Crash.module.css';

interface Props {
  readonly children: ReactNode;
}

/** Instead of an empty page when the window itself has a fault: sync runs elsewhere, so nothing is lost but the picture. */
export class Crash extends Component<Props, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { readonly crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return (
      <main className={styles.crash}>
        <Mark size={40} />
        <h1>This window stopped</h1>
        <p role="alert">Your files are safe and go on syncing: reload the window to see them again.</p>
        <Button kind="primary" onPress={() => location.reload()}>
          Reload
        </Button>
      </main>
    );
  }
}
