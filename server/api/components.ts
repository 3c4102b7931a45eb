import { z } from 'zod'
import { findingSchema } from '../../checks/finding.ts'
import { observationSchema } from '../../checks/observation.ts'
import { jsonValue, ldapProbe, probeSchema } from '../../checks/probe.ts'
import { signedRunSchema } from '../../checks/run.ts'
import { problemSchema } from './problem.ts'
import { linkSchema } from './shapes.ts'

/** Shapes that have a name in the API's description. An LDAP filter and a JSON value need one, because they hold themselves. */
export const schemaRegistry = z.registry<{ id: string }>()
schemaRegistry.add(ldapProbe.shape.filter, { id: 'LdapFilter' })
schemaRegistry.add(jsonValue, { id: 'JsonValue' })
schemaRegistry.add(probeSchema, { id: 'Probe' })
schemaRegistry.add(observationSchema, { id: 'Observation' })
schemaRegistry.add(findingSchema, { id: 'Finding' })
schemaRegistry.add(signedRunSchema, { id: 'Run' })
schemaRegistry.add(linkSchema, { id: 'ChainLink' })
schemaRegistry.add(problemSchema, { id: 'Problem' })
