interface Props {
  /** Empty until something was done. */
  readonly children: string;
}

/** That something was done, where it was; said aloud too. */
export function Saved({ children }: Props) {
  return (
    <p role="status" className="text-sm text-soft">
      {children}
    </p>
  );
}
