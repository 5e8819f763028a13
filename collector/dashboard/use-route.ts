import { useEffect, useState } from 'preact/hooks';
import { pathShown } from './address.js';
import { NAVIGATED } from './navigate.js';
import { type Route, routeOf } from './route.js';

/** The route of the current URL. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(pathShown(), location.search));
  useEffect(() => {
    const update = () => setRoute(routeOf(pathShown(), location.search));
    window.addEventListener('popstate', update);
    window.addEventListener(NAVIGATED, update);
    return () => {
      window.removeEventListener('popstate', update);
      window.removeEventListener(NAVIGATED, update);
    };
  }, []);
  return route;
}
