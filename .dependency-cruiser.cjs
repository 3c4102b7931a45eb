/** The layers of docs and design: checks know no I/O; paper sets what both print; agent and server never import each other. */
module.exports = {
  forbidden: [
    {
      name: 'checks-import-only-checks',
      comment:
        'checks/ knows what is asked and how it is judged; how machines are asked, and where results are kept, is not its business',
      severity: 'error',
      from: { path: '^checks/' },
      to: { path: '^(paper|agent|server|test|fixtures|probant\\.ts|referentials\\.ts|server-verbs\\.ts)' },
    },
    {
      name: 'checks-have-no-io',
      comment: 'importing checks/ from a browser would work: no module of Node',
      severity: 'error',
      from: { path: '^checks/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'checks-take-pure-libraries-only',
      comment: 'a library that checks/ uses is read through here: add it only if it does no I/O',
      severity: 'error',
      from: { path: '^checks/' },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(zod|yaml|canonicalize|@noble/hashes|fast-xml-parser)/',
      },
    },
    {
      name: 'paper-knows-checks-only',
      comment:
        'paper/ sets texts on sheets for the agent and the server alike: what they print is their business',
      severity: 'error',
      from: { path: '^paper/' },
      to: { path: '^(agent|server|test|fixtures|probant\\.ts|referentials\\.ts|server-verbs\\.ts)' },
    },
    {
      name: 'agent-does-not-know-server',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^(server|test|fixtures|probant\\.ts|referentials\\.ts|server-verbs\\.ts)' },
    },
    {
      name: 'server-does-not-know-agent',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(agent|test|fixtures|probant\\.ts|referentials\\.ts|server-verbs\\.ts)' },
    },
    {
      name: 'referentials-knows-checks-only',
      severity: 'error',
      from: { path: '^referentials\\.ts$' },
      to: { path: '^(paper|agent|server|probant\\.ts)' },
    },
    {
      name: 'shipped-code-needs-shipped-packages',
      comment: 'a package of devDependencies is not there once installed',
      severity: 'error',
      from: { path: '^(checks|paper|agent|server|probant\\.ts|referentials\\.ts|server-verbs\\.ts)' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Without swc nothing is read under TypeScript 7, and nothing is wrong in nothing: test/layers.test.ts counts.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts'],
    },
  },
}
