import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StatusPage } from './status/StatusPage.tsx';
import './ui/tokens.css';
import './ui/base.css';

const place = document.getElementById('window');
if (place === null) throw new Error('The page has no place for the window.');
createRoot(place).render(
  <StrictMode>
    <StatusPage />
  </StrictMode>,
);
