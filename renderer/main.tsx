import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { paceRevisions } from './desk/revision.ts';
import { followDesk } from './desk/snapshot.ts';
import { renewLibrary } from './library/renewal.ts';
import { App } from './shell/App.tsx';
import { Crash } from './shell/Crash.tsx';

const place = document.getElementById('window');
if (place === null) throw new Error('The page has no place for the window.');
followDesk(window.driftless);
paceRevisions();
renewLibrary();
createRoot(place).render(
  <StrictMode>
    <Crash>
      <App />
    </Crash>
  </StrictMode>,
);
