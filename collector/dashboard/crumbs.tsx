import { Link } from './link.js';

interface CrumbsProps {
  /** Name and address of the page above this one. */
  readonly from: readonly [name: string, href: string];
  readonly here: string;
}

/** Where a page is, and the way up. */
export function Crumbs({ from: [name, href], here }: CrumbsProps) {
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <Link href={href}>{name}</Link>
      <span class="mono" aria-current="page">
        {here}
      </span>
    </nav>
  );
}
