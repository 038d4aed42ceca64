/** How a list is sorted; equal keys by id. */
export type MemoryOrder =
  | 'CREATED_DESC'
  | 'CREATED_ASC'
  | 'MODIFIED_DESC'
  | 'MODIFIED_ASC'
  | 'OCCURRED_DESC'
  | 'OCCURRED_ASC'
  | 'POSITION_ASC';
