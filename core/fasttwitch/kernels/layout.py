"""The tables that the plan hands to the kernels: one name for each column of each table.

All tables are int64 and C-contiguous; addresses are stored as integers, because 40 columns of ten types cannot be one
typed array. Whoever builds a table keeps the buffers behind its addresses alive and their types right: below this line
nothing is checked.

A *block* is 2,048 consecutive rows: 32 words of bitmask, 2 KiB of codes, so that codes stay in the first-level cache
and some 2,400 bitmask slots in the second.
"""

BLOCK_ROWS = 2048
BLOCK_WORDS = BLOCK_ROWS // 64
BLOCK_MASK_BYTES = BLOCK_WORDS * 8

# --- inputs: int64[inputs, INPUT_FIELDS], one row a physical column of one contiguous run of rows ("span")
INPUT_PHYSICAL = 0  # one of the physical layouts below
INPUT_VALUES = 1  # address of row 0's value (bits: of the byte that holds its bit)
INPUT_VALUE_BIT = 2  # bits: which bit of that byte is row 0's, 0..7; else 0
INPUT_VALIDITY = 3  # address of the byte that holds row 0's validity bit; 0 = no nulls
INPUT_VALIDITY_BIT = 4  # which bit of that byte, 0..7
INPUT_SCALE = 5  # instants: stored unit → µs: multiply by this if > 0, floor-divide by -this if < 0; 0 = not an instant
INPUT_STEP_BEGIN = 6  # derived: first row of the step table
INPUT_STEP_END = 7  # derived: past the last row
INPUT_DATA = 8  # texts: address of the characters; TEXT_VIEW: of the addresses of the data buffers
INPUT_NAMES = 9  # texts: address of the table of names, see `kernels.names`
INPUT_MISSES = 10  # texts: address of an int64 that becomes 1 if a string is no name; 0 = nobody asks
INPUT_FIELDS = 11

# Physical layouts, and the lanes that `stage` brings each one to.
# I32 I32 I32 I64 I32 I32 I64 I64 (uint64: top bit flipped, order kept)
INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 = range(8)
FLOAT32, FLOAT64 = 8, 9  # F64 F64
BITS = 10  # BITS: Arrow booleans
DECIMAL64 = 11  # I64: low words of decimal128 values of at most 18 digits, 16 bytes apart
DERIVED_INT = 12  # I64: computed by the step table
DERIVED_UINT = 13  # I64: computed, uint64 with the top bit flipped
DERIVED_DOUBLE = 14  # F64: computed
DERIVED_BITS = 15  # BITS: computed
ABSENT = 16  # I32: every row is null; no buffers
# I32: the number of the name that a string equals, or the number of names. Arrow's three layouts of strings: values are
# int32 offsets, int64 offsets, or 16-byte views.
TEXT32, TEXT64, TEXT_VIEW = 17, 18, 19

# --- planes: int64[planes, PLANE_FIELDS], one row a code column (a codebook of many codes is split over planes)
PLANE_INPUT = 0  # which input
PLANE_METHOD = 1  # how values become codes, below
PLANE_CUTS = 2  # number of cuts (NARROW, SEARCH), of thresholds (FLOAT), of table entries (LOOKUP)
PLANE_TABLE = 3  # address of the table, see the methods
PLANE_FIRST = 4  # code of a value below all cuts: 1, or 2 where 1 is NaN's
PLANE_LOW = 5  # NARROW: clamp below at this
PLANE_HIGH = 6  # NARROW: clamp above at this
PLANE_BIAS = 7  # NARROW: code = clamp(value, low, high) - bias
PLANE_LEVELS = 8  # SEARCH, FLOAT: levels of the search tree, 2**levels > cuts
PLANE_IMAGE = 9  # SEARCH on I64: 1 if the cuts span less than 2**31, so that 32 bits can decide; FLOAT: 1 if the
#                   float32 images of the thresholds are distinct and finite
PLANE_TEST_BEGIN = 10  # first row of the test table that reads this plane
PLANE_TEST_END = 11  # past the last one
PLANE_WIDE_TABLE = 12  # address of the table laid out for the wide siblings, made by kernels.tables; 0 = none
PLANE_CODES = 13  # address of the span's row 0 in a kept array of uint8, padded to whole blocks; 0 = scratch
PLANE_STATE = 14  # one of the three below
PLANE_FIELDS = 15
SCRATCH, KEEP, KEPT = 0, 1, 2  # encode into scratch; encode into PLANE_CODES; read PLANE_CODES, encode nothing

# Methods. A null row gets code 0, whatever lies under the null. A plane has at most 256 codes.
NARROW = 0  # I32, I64: code = clamp(value, low, high) - bias, in 1..255
SEARCH = 1  # I32, I64: code = first + number of cuts <= value. table: int64[cuts], ascending
FLOAT = 2  # F64: NaN → 1; else 2 + 2 * (thresholds < value) + (value equals a threshold). table: float64[thresholds]
LOOKUP = 3  # I32: code = table[value]. table: uint8[entries + 8]; an index under a null may be garbage
TRUTH = 4  # BITS: false → 1, true → 2

# --- tests: int64[tests, TEST_FIELDS]: one compare of a code column, giving one bitmask slot
TEST_KIND = 0
TEST_CODE = 1
TEST_SLOT = 2
TEST_FIELDS = 3
AT_LEAST, EQUAL, ANY_BIT = 0, 1, 2  # code >= c; code == c; code & c != 0

# --- steps: int64[steps, STEP_FIELDS]: the register program of derived inputs. A register is a block of 2,048 values
# (int64, uint64 or float64 in 8 bytes, or bits in the low words) and 32 words of validity.
STEP_OPERATION = 0
STEP_RESULT = 1
STEP_LEFT = 2  # register, or input for LOAD_*, or the value of a constant
STEP_RIGHT = 3  # register; MEMBER_*: address of the table
STEP_EXTRA = 4  # a third register, a number of table slots, a range or a set of outcomes: see the operations
STEP_FIELDS = 5

# Operations. A result is valid where all operands are and the operation itself succeeds; double arithmetic always does.
LOAD_INT, LOAD_UINT, LOAD_DOUBLE, LOAD_BITS = 0, 1, 2, 3  # LEFT is an input; booleans become bits
LOAD_INSTANT = 4  # LEFT is an input, EXTRA a range: stored units by INPUT_SCALE, then clamped to the range
CONSTANT = 5  # LEFT holds the 64 bits of an int64, uint64 or float64
CONSTANT_BITS = 6  # LEFT is 0 or 1
ADD_INT, SUBTRACT_INT, MULTIPLY_INT, DIVIDE_INT, REMAINDER_INT, NEGATE_INT = 10, 11, 12, 13, 14, 15
ADD_UINT, SUBTRACT_UINT, MULTIPLY_UINT, DIVIDE_UINT, REMAINDER_UINT = 20, 21, 22, 23, 24
ADD_DOUBLE, SUBTRACT_DOUBLE, MULTIPLY_DOUBLE, DIVIDE_DOUBLE, NEGATE_DOUBLE = 30, 31, 32, 33, 34
ADD_INSTANT, SUBTRACT_INSTANT, MULTIPLY_INSTANT = 40, 41, 42  # EXTRA: the range outside which the result is invalid
INT_TO_DOUBLE, UINT_TO_DOUBLE = 50, 51  # nearest even
COMPARE_INT, COMPARE_UINT, COMPARE_DOUBLE = 60, 61, 62  # → bits; EXTRA: a set of outcomes
COMPARE_INT_UINT, COMPARE_INT_DOUBLE, COMPARE_UINT_DOUBLE = 63, 64, 65  # exact; the others as doubles
MEMBER_INT, MEMBER_DOUBLE = 70, 71  # → bits; RIGHT, EXTRA: see `kernels.membership`; uint64 goes by its bits
COALESCE, COALESCE_BITS = 80, 81  # LEFT where it is valid, else RIGHT
CHOOSE, CHOOSE_BITS = 82, 83  # LEFT is bits: RIGHT where true, the register EXTRA where false, invalid where LEFT is
NOT_BITS, AND_BITS, OR_BITS = 90, 91, 92  # Kleene
IS_KNOWN = 93  # → bits: where LEFT is valid; always valid itself
IS_TRUE = 94  # → bits: where LEFT is valid and true; always valid itself

# --- conversions and functions of the language; like the operations above
INT_TO_UINT, UINT_TO_INT = 110, 111  # invalid outside the other's range
DOUBLE_TO_INT, DOUBLE_TO_UINT = 112, 113  # towards zero; invalid for NaN and outside the range
INSTANT_TO_SECONDS = 114  # µs → whole seconds, downwards
SECONDS_TO_INSTANT = 115  # seconds → µs; invalid outside TIMESTAMP_RANGE
INSTANT_TO_DATE, DATE_TO_INSTANT = 116, 117  # µs → days, downwards; days → µs of midnight
ABSOLUTE_INT, ABSOLUTE_DOUBLE = 120, 121  # of the lowest int: invalid
SIGN_INT, SIGN_UINT, SIGN_DOUBLE = 122, 123, 124  # -1, 0, 1 of the same type; NaN of NaN
CEILING, FLOOR, ROUND, TRUNCATE = 125, 126, 127, 128  # doubles; ROUND takes halves away from zero
SQUARE_ROOT = 129
LEAST_INT, LEAST_UINT, LEAST_DOUBLE = 130, 131, 132  # RIGHT where it is less than LEFT, else LEFT
GREATEST_INT, GREATEST_UINT, GREATEST_DOUBLE = 133, 134, 135  # RIGHT where it is greater than LEFT, else LEFT
BIT_AND, BIT_OR, BIT_XOR, BIT_NOT = 140, 141, 142, 143  # the same for int and uint
SHIFT_LEFT, SHIFT_RIGHT = 144, 145  # RIGHT an int: invalid if negative, 0 from 64 on; to the right without the sign
IS_NAN, IS_INFINITE, IS_FINITE = 150, 151, 152  # → bits
LOCAL_TIME = 160  # LEFT µs UTC, RIGHT address of a zone table (`kernels.zones`) → µs of the zone's clock
CALENDAR_PART = 161  # LEFT µs of a clock, EXTRA one of the parts below → int
START_OF_DAY = 162  # LEFT µs UTC, RIGHT address of a zone table → µs UTC of the earliest instant of the same local day
DURATION_PART = 163  # LEFT µs, EXTRA the µs of a unit: whole units, towards zero
DURATION_MILLISECONDS = 164  # LEFT µs → whole milliseconds past the last whole second, towards zero

# Parts of a clock's time; all 0-based, except YEAR and DATE_OF_MONTH.
YEAR, MONTH, DAY_OF_MONTH, DATE_OF_MONTH, DAY_OF_WEEK, DAY_OF_YEAR = 0, 1, 2, 3, 4, 5
HOURS, MINUTES, SECONDS, MILLISECONDS = 6, 7, 8, 9

# Outcomes of a comparison; `<=` is LESS | EQUAL, `!=` is LESS | GREATER | UNORDERED, which is what NaN gives.
LESS, EQUAL_TO, GREATER, UNORDERED = 1, 2, 4, 8

# Ranges of instants: microseconds of the years 1 to 9999, microseconds of a duration, days of the years 1 to 9999.
TIMESTAMP_RANGE, DURATION_RANGE, DATE_RANGE = 0, 1, 2
TIMESTAMP_LOW, TIMESTAMP_HIGH = -62_135_596_800_000_000, 253_402_300_799_999_999
DURATION_LOW, DURATION_HIGH = -315_576_000_000_000_000, 315_576_000_000_000_000
DATE_LOW, DATE_HIGH = -719_162, 2_932_896

# --- runs: int64[runs, RUN_FIELDS]: consecutive instructions of one shape, dispatched once
RUN_SHAPE = 0  # positives * 5 + negatives, each 0..4
RUN_BEGIN = 1  # offset of the first instruction in the operand stream, in int32s
RUN_COUNT = 2
RUN_SINK = 3  # STORE or ROOT
RUN_INVERT = 4  # 1: complement the result
RUN_FIELDS = 5
STORE, ROOT = 0, 1
# The operand stream is int32: each instruction is [target, positives…, negatives…]. An instruction is
# AND(positives) & ~OR(negatives). Operands are slots. Target: a slot (STORE) or a segment number (ROOT).
