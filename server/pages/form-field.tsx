import { usePage } from './context.tsx'
import type { Text } from '../../checks/text.ts'

interface Props {
  readonly name: string
  readonly label: Text
  readonly type?: 'text' | 'password' | 'number' | 'date' | 'file' | 'time'
  readonly value?: string | undefined
  readonly hint?: Text | undefined
  /** What is wrong with it, beside it. */
  readonly problem?: Text | undefined
  readonly required?: boolean
  readonly maxLength?: number
  readonly autocomplete?: 'off' | 'username' | 'name' | 'current-password' | 'new-password'
  readonly accept?: string
  readonly multiple?: boolean
}

/** One field of a form with its label, its hint, and what is wrong with it, tied together for whoever can't see them. */
export function FormField(props: Props) {
  const { say } = usePage()
  const { name, label, hint, problem, type = 'text', required = true, ...rest } = props
  // One of the plain kinds; the types of Preact know each apart.
  const kind = type as 'text'
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={name}>{say(label)}</label>
      <input
        id={name}
        name={name}
        type={kind}
        required={required}
        aria-describedby={described || undefined}
        aria-invalid={problem ? 'true' : undefined}
        {...rest}
      />
      {hint && (
        <small id={`${name}-hint`} class="hint">
          {say(hint)}
        </small>
      )}
      {problem && (
        <p id={`${name}-problem`} class="problem" role="alert">
          {say(problem)}
        </p>
      )}
    </div>
  )
}
