import { Activity, ArrowUpDown, Clock, LayoutGrid, Settings, Star, Trash2, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { useSlice } from '../desk/snapshot.ts';
import { goTo, goToPlace, type Page, samePlace, useNavigation } from '../shell/navigation.ts';
import { Mark } from '../ui/Mark.tsx';
import { TYPE_NAMES, TYPES } from '../wording/types.ts';
import { Folders } from './Folders.tsx';
import { NavLine } from './NavLine.tsx';
import styles from './Places.module.css';

export function Places(): ReactNode {
  const at = useNavigation((navigation) => navigation.at);
  const library = useSlice('library');
  const transfers = useSlice('transfers');
  const problems = useSlice('problems');
  const here = (place: Place): boolean => at.page === 'library' && samePlace(at.place, place);
  const toPlace = (place: Place) => ({ on: here(place), onPress: () => goToPlace(place) });
  const toPage = (page: Exclude<Page['page'], 'library'>) => ({ on: at.page === page, onPress: () => goTo({ page }) });
  const types = TYPES.filter((type) => (library?.byType[type] ?? 0) > 0);
  const underWay = (transfers?.active ?? 0) + (transfers?.waiting ?? 0);
  return (
    <nav className={styles.places} aria-label="Places">
      <div className={styles.brand}>
        <Mark size={22} />
        Driftless
      </div>
      <NavLine icon={LayoutGrid} label="Library" count={library?.files} {...toPlace({ kind: 'all' })} />
      <NavLine icon={Star} label="Favourites" count={library?.favourites} {...toPlace({ kind: 'favourites' })} />
      <NavLine icon={Clock} label="Recent" {...toPlace({ kind: 'recent' })} />
      {types.length > 0 && <h2 className={styles.heading}>Types</h2>}
      {types.map((type) => (
        <NavLine
          key={type}
          dot={type}
          label={TYPE_NAMES[type]}
          count={library?.byType[type]}
          {...toPlace({ kind: 'type', type })}
        />
      ))}
      <Folders heading={<h2 className={styles.heading}>Folders</h2>} />
      <h2 className={styles.heading}>Sync</h2>
      <NavLine icon={ArrowUpDown} label="Transfers" count={underWay} progress={underWay > 0} {...toPage('transfers')} />
      {(problems?.count ?? 0) > 0 && (
        <NavLine icon={TriangleAlert} label="Problems" count={problems?.count} urgent {...toPage('problems')} />
      )}
      <NavLine icon={Activity} label="Activity" {...toPage('activity')} />
      <NavLine icon={Trash2} label="Trash" count={library?.trashed} {...toPlace({ kind: 'trash' })} />
      <NavLine icon={Settings} label="Settings" {...toPage('settings')} />
    </nav>
  );
}
