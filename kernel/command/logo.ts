/**
 * The letter box's sign: the kernel's picture in JupyterLab's launcher.
 */

/** A convolution's window of 3 by 3 weights, and the language's two letters over it. The set-up installs the same. */
export const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">
  <g fill="#2f74c0">
    <rect x="2" y="2" width="19" height="19" opacity="0.45"/>
    <rect x="22.5" y="2" width="19" height="19" opacity="0.7"/>
    <rect x="43" y="2" width="19" height="19" opacity="0.35"/>
    <rect x="2" y="22.5" width="19" height="19" opacity="0.8"/>
    <rect x="22.5" y="22.5" width="19" height="19"/>
    <rect x="43" y="22.5" width="19" height="19" opacity="0.8"/>
    <rect x="2" y="43" width="19" height="19" opacity="0.9"/>
    <rect x="22.5" y="43" width="19" height="19"/>
    <rect x="43" y="43" width="19" height="19"/>
  </g>
  <g fill="none" stroke="#ffffff" stroke-width="4.5">
    <path d="M24 38h14M31 38v20"/>
    <path d="M55.5 41c-2.500-4.500-12-4-12 1.500 0 6.500 12.500 3.500 12.500 10 0 6-11 6-13.500 1"/>
  </g>
</svg>
`;
